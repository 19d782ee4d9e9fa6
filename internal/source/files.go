package source

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/batchkit/batchkit-go/internal/tree"
)

// Stdin is the name that stands for standard input.
const Stdin = "-"

// Extensions are those of the files that are read in a folder.
var Extensions = []string{".json", ".yaml", ".yml", ".template"}

// A file is something to read.
type file struct {
	path string
	// folder is the argument under which the file was found; empty if the file was named itself.
	folder string
	// size is the number of bytes, as far as it can be told in advance.
	size int64
	err  error
}

// expand turns arguments into files: a folder into all files under it that have
// one of the [Extensions], in lexical order.
func expand(args []string) []file {
	var files []file
	for _, arg := range args {
		if arg == Stdin {
			files = append(files, file{path: arg, size: tree.MaxSize})
			continue
		}
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			files = append(files, file{path: arg, err: Unreadable(arg, err)})
		case info.IsDir():
			files = append(files, walk(arg)...)
		case info.Mode().IsRegular():
			files = append(files, file{path: arg, size: info.Size()})
		default: // a pipe, for instance
			files = append(files, file{path: arg, size: tree.MaxSize})
		}
	}
	return files
}

// walk lists the files of a folder. Hidden folders and node_modules hold nothing that its author wrote. A link is
// followed if it was named, but none in the folder, so there is no way round in circles.
func walk(folder string) []file {
	var files []file
	root := folder
	if info, err := os.Lstat(folder); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		root += string(filepath.Separator)
	}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name
		switch {
		case err != nil:
			files = append(files, file{path: path, err: Unreadable(path, err)})
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
			if path != root && (strings.HasPrefix(name(), ".") || name() == "node_modules") {
				return fs.SkipDir
			}
		case entry.Type().IsRegular() && slices.Contains(Extensions, strings.ToLower(filepath.Ext(path))):
			f := file{path: path, folder: folder}
			if info, err := entry.Info(); err == nil {
				f.size = info.Size()
			}
			files = append(files, f)
		}
		return nil
	})
	if err != nil {
		files = append(files, file{path: folder, err: Unreadable(folder, err)})
	}
	if len(files) == 0 {
		files = append(files, file{path: folder, err: &tree.Error{Path: folder,
			Message: "the folder has no file to read; the extensions are " + strings.Join(Extensions, ", "), Err: ErrNothing}})
	}
	return files
}

// read returns the documents of a file, and its text. A file found in a folder may hold nothing of AWS Batch.
func (f file) read(stdin io.Reader, kind Kind) (docs []*Document, data []byte, err error) {
	if f.err != nil {
		return nil, nil, f.err
	}
	if data, err = f.text(stdin); err != nil {
		return nil, nil, err
	}
	docs, err = Read(f.path, data, kind)
	if f.folder != "" && errors.Is(err, ErrNothing) {
		err = nil
	}
	return docs, data, err
}

// text returns the bytes of a file, and no more than one above the limit.
func (f file) text(stdin io.Reader) ([]byte, error) {
	from := stdin
	if f.path != Stdin {
		opened, err := os.Open(f.path)
		if err != nil {
			return nil, Unreadable(f.path, err)
		}
		defer opened.Close()
		from = opened
	}
	if f.size > tree.MaxSize {
		return nil, (&tree.Reader{Path: f.path}).TooLarge(tree.MaxSize)
	}
	data, err := io.ReadAll(io.LimitReader(from, tree.MaxSize+1))
	if err != nil {
		return nil, Unreadable(f.path, err)
	}
	return data, nil
}

// Unreadable is the error for a file that cannot be read. Its message leaves out the name, which the path says already.
func Unreadable(path string, err error) error {
	message := err.Error()
	var at *fs.PathError
	if errors.As(err, &at) {
		message = at.Err.Error()
	}
	return &tree.Error{Path: path, Message: message, Err: err}
}
