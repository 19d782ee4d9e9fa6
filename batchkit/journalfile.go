package batchkit

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// FileJournal is a [Journal] in a file. Make one with [OpenJournal], and close it when Submit has
// returned and, where the plan has gates, nobody watches or cancels the run any more.
//
// Records are appended as lines: the CRC-32C of what follows in eight hexadecimal digits, a space, and a JSON array of
// the records that were written together. Each line is synced; goroutines that append at the same time share a line.
type FileJournal struct {
	path string
	file journalFile

	submits sync.Mutex // held by Submit

	mu   sync.Mutex
	next *journalLine // gathers records while another line is being written

	turn sync.Mutex // of who writes
	end  int64      // of the last whole line
	err  error      // after which nothing more can be written
}

// journalFile is an *os.File, or one in a test that fails.
type journalFile interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Close() error
}

type journalLine struct {
	records []Record
	done    bool
	err     error
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// OpenJournal opens the journal with that path, or makes it: the file and its name in the folder are synced. Until
// Close nobody else can open it: the error is then a [*JournalLockedError]. The lock is that of flock(2), which ends
// with the process, also if that is killed; where there is no flock it is a file with the suffix .lock, which must be
// removed by hand after a crash. On network file systems locks may not hold; Amazon EFS, on which a Lambda function may
// keep its journal, has those of NFSv4: https://docs.aws.amazon.com/efs/latest/ug/nfs4-unsupported-features.html.
//
// The end of a line that was torn by a crash is cut off; what may have been lost with it is looked for at the service by
// [Client.Submit]. Damage before the last line is a [*JournalCorruptError], and any other failure a [*JournalError].
func OpenJournal(path string) (*FileJournal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &JournalError{Path: path, Op: "open", Err: err}
	}
	if info, err := file.Stat(); err == nil && !info.Mode().IsRegular() { // a device may be read without end
		_ = file.Close()
		return nil, &JournalError{Path: path, Op: "open", Err: errNoFile}
	}
	locked, err := lockFile(file)
	if err != nil {
		_ = file.Close() // the first error is the one to tell
		if errors.Is(err, errLocked) {
			return nil, &JournalLockedError{path}
		}
		return nil, &JournalError{Path: path, Op: "lock", Err: err}
	}
	j, err := openJournal(path, locked)
	if err == nil && j.end == 0 {
		if err = syncFolder(filepath.Dir(path)); err != nil {
			err = &JournalError{Path: path, Op: "sync", Err: err}
		}
	}
	if err != nil {
		_ = locked.Close()
		return nil, err
	}
	return j, nil
}

// openJournal reads the file through and repairs its end.
func openJournal(path string, file journalFile) (*FileJournal, error) {
	j := &FileJournal{path: path, file: file, next: new(journalLine)}
	reader := newLineReader(file, 1<<62)
	for {
		line, err := reader.next()
		if err == io.EOF {
			return j, nil
		}
		if err != nil {
			return nil, j.failed("read", err)
		}
		if _, err := decodeLine(line); err == nil {
			j.end = reader.offset
			continue
		}
		last, err := reader.atEnd()
		if err != nil {
			return nil, j.failed("read", err)
		}
		if !last || j.end == 0 && !beginning(line) {
			return nil, &JournalCorruptError{Path: path, Line: reader.lines, Offset: j.end}
		}
		return j, j.repair()
	}
}

// repair cuts off what stands behind the last whole line.
func (j *FileJournal) repair() error {
	if err := j.file.Truncate(j.end); err != nil {
		return j.failed("write", err)
	}
	if j.end == 0 { // before the first record nothing was sent
		return nil
	}
	return j.write([]Record{{Kind: RecordRepaired, At: now()}})
}

// claim keeps the journal for one submission, until release. A second one would not see what the first is writing.
func claim(j Journal) (release func(), err error) {
	f, ok := j.(*FileJournal)
	if !ok {
		return func() {}, nil
	}
	if !f.submits.TryLock() {
		return nil, &JournalLockedError{f.path}
	}
	return f.submits.Unlock, nil
}

// Path returns the path of the file.
func (j *FileJournal) Path() string { return j.path }

// Records returns all records, in order. An error comes last; it is a [*JournalError].
func (j *FileJournal) Records(context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		j.turn.Lock()
		end := j.end
		j.turn.Unlock()
		reader := newLineReader(j.file, end)
		for {
			line, err := reader.next()
			if err == io.EOF {
				return
			}
			var records []Record
			if err == nil {
				records, err = decodeLine(line)
			}
			if err != nil {
				yield(Record{}, j.failed("read", err))
				return
			}
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// Append writes and syncs the records, together with those of other goroutines that came meanwhile. The error is a
// [*JournalError]; the records are then not in the journal. After a failed write, as on a full disk, Append may be tried
// again; after a failed sync nobody knows what is on the disk, and the journal takes no more until it is opened anew.
func (j *FileJournal) Append(_ context.Context, records ...Record) error {
	j.mu.Lock()
	line := j.next
	line.records = append(line.records, records...)
	j.mu.Unlock()

	j.turn.Lock()
	defer j.turn.Unlock()
	if !line.done { // else somebody wrote it with their own
		j.mu.Lock()
		j.next = new(journalLine)
		j.mu.Unlock()
		line.done, line.err = true, j.write(line.records)
	}
	return line.err
}

// write appends a line. The caller has the turn.
func (j *FileJournal) write(records []Record) error {
	if j.err != nil {
		return j.err
	}
	line, err := encodeLine(records)
	if err != nil {
		return j.failed("write", err)
	}
	if _, err := j.file.WriteAt(line, j.end); err != nil {
		failed := j.failed("write", err)
		if err := j.file.Truncate(j.end); err != nil {
			j.err = failed
		}
		return failed
	}
	if err := j.file.Sync(); err != nil {
		j.err = j.failed("sync", err)
		return j.err
	}
	j.end += int64(len(line))
	return nil
}

// Close ends the lock. Calling it again does nothing.
func (j *FileJournal) Close() error {
	j.turn.Lock()
	defer j.turn.Unlock()
	if errors.Is(j.err, os.ErrClosed) {
		return nil
	}
	j.err = j.failed("write", os.ErrClosed)
	if err := j.file.Close(); err != nil {
		return j.failed("close", err)
	}
	return nil
}

func (j *FileJournal) failed(op string, err error) error {
	return &JournalError{Path: j.path, Op: op, Err: err}
}

const checksumDigits = 8

func encodeLine(records []Record) ([]byte, error) {
	body, err := json.Marshal(records)
	if err != nil {
		return nil, err
	}
	line := make([]byte, 0, checksumDigits+1+len(body)+1)
	line = fmt.Appendf(line, "%08x ", crc32.Checksum(body, castagnoli))
	return append(append(line, body...), '\n'), nil
}

var (
	errDamaged = errors.New("damaged")
	errNoFile  = errors.New("is no regular file")
)

func decodeLine(line []byte) ([]Record, error) {
	body, whole := bytes.CutSuffix(line, []byte("\n"))
	if !whole || len(body) <= checksumDigits || body[checksumDigits] != ' ' {
		return nil, errDamaged
	}
	sum, err := strconv.ParseUint(string(body[:checksumDigits]), 16, 32)
	body = body[checksumDigits+1:]
	if err != nil || uint32(sum) != crc32.Checksum(body, castagnoli) {
		return nil, errDamaged
	}
	var records []Record
	if err := json.Unmarshal(body, &records); err != nil {
		return nil, errDamaged
	}
	return records, nil
}

// beginning reports whether bytes may be what a crash left of a journal's first line, and not a file of another kind.
func beginning(line []byte) bool {
	line = bytes.TrimRight(line, "\x00")
	const first = `[{"kind":"begun"`
	for _, b := range line[:min(len(line), checksumDigits)] {
		if !strings.ContainsRune("0123456789abcdef", rune(b)) {
			return false
		}
	}
	rest := string(line[min(len(line), checksumDigits+1):])
	return rest[:min(len(rest), len(first))] == first[:min(len(rest), len(first))]
}

// lineReader reads lines and counts them.
type lineReader struct {
	from   *bufio.Reader
	offset int64 // behind the line read last
	lines  int
}

func newLineReader(file io.ReaderAt, end int64) *lineReader {
	return &lineReader{from: bufio.NewReaderSize(io.NewSectionReader(file, 0, end), 1<<16)}
}

// next returns a line with its end, if it has one, or io.EOF.
func (r *lineReader) next() ([]byte, error) {
	line, err := r.from.ReadBytes('\n')
	if err == io.EOF && len(line) > 0 {
		err = nil
	}
	r.offset += int64(len(line))
	r.lines++
	return line, err
}

func (r *lineReader) atEnd() (bool, error) {
	_, err := r.from.Peek(1)
	if err == io.EOF {
		return true, nil
	}
	return false, err
}

// now is the time as a record has it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
