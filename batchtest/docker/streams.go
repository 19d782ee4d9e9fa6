package docker

import (
	"encoding/binary"
	"fmt"
	"io"
)

// demultiplex takes the two streams of a container's output apart. Each piece has
// a header of eight bytes: the stream, three of nothing, and the length.
func demultiplex(r io.Reader, stdout, stderr io.Writer) error {
	var header [8]byte
	for {
		switch _, err := io.ReadFull(r, header[:]); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		to := stdout
		switch header[0] {
		case 0, 1:
		case 2:
			to = stderr
		default:
			return fmt.Errorf("there is no stream %d", header[0])
		}
		if _, err := io.CopyN(to, r, int64(binary.BigEndian.Uint32(header[4:]))); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
	}
}
