package docker_test

import (
	"archive/tar"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeEngine is a Docker Engine whose images are Go functions.
type fakeEngine struct {
	t      *testing.T
	images map[string]*fakeImage // that can be pulled, by name:tag
	host   string

	mu         sync.Mutex
	have       map[string]bool // that were pulled
	containers map[string]*fakeContainer
	made       []*fakeContainer
	calls      []string // method and path without ids
}

type fakeImage struct {
	run        func(*fakeContainer) int
	volumes    []string
	files      map[string]string // by absolute path
	startError string
}

// fakeContainer has the members of the API that the runner uses.
type fakeContainer struct {
	Image           string
	Entrypoint, Cmd []string
	Env             []string
	User            string
	Labels          map[string]string
	HostConfig      struct {
		CpuShares, Memory          int64
		Privileged, ReadonlyRootfs bool
		NetworkMode                string
		LogConfig                  struct{ Type string }
		Mounts                     []struct {
			Type, Source, Target string
			ReadOnly             bool
		}
	}

	image    *fakeImage
	started  bool
	stop     chan struct{} // closed when it must stop
	stopping sync.Once
	grace    string
	output   *io.PipeReader
	writer   *io.PipeWriter
	followed chan struct{} // closed when the output is asked for
	ended    chan struct{}
	code     int
}

// Write writes a piece to one of the streams.
func (c *fakeContainer) write(stream byte, text string) {
	header := [8]byte{0: stream}
	binary.BigEndian.PutUint32(header[4:], uint32(len(text)))
	_, _ = c.writer.Write(append(header[:], text...))
}

// folder returns the real folder of a mount.
func (c *fakeContainer) folder(target string) string {
	for _, m := range c.HostConfig.Mounts {
		if m.Target == target {
			return m.Source
		}
	}
	return ""
}

// newFake serves a fake engine over a socket.
func newFake(t *testing.T, images map[string]*fakeImage) *fakeEngine {
	t.Helper()
	f := &fakeEngine{t: t, images: images, have: map[string]bool{}, containers: map[string]*fakeContainer{}}
	socket := filepath.Join(t.TempDir(), "docker.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_ping", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.47") })
	mux.HandleFunc("GET /v1.47/images/{name...}", f.inspect)
	mux.HandleFunc("POST /v1.47/images/create", f.pull)
	mux.HandleFunc("POST /v1.47/containers/create", f.create)
	mux.HandleFunc("POST /v1.47/containers/{id}/start", f.with(f.start))
	mux.HandleFunc("POST /v1.47/containers/{id}/wait", f.with(f.wait))
	mux.HandleFunc("POST /v1.47/containers/{id}/stop", f.with(f.stop))
	mux.HandleFunc("GET /v1.47/containers/{id}/logs", f.with(f.logs))
	mux.HandleFunc("GET /v1.47/containers/{id}/archive", f.with(f.archive))
	mux.HandleFunc("DELETE /v1.47/containers/{id}", f.with(f.remove))
	mux.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) { t.Errorf("unexpected call %s %s", r.Method, r.URL) })
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}}
	server.Start()
	t.Cleanup(server.Close)
	f.host = "unix://" + socket
	return f
}

func (f *fakeEngine) fail(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
}

func (f *fakeEngine) note(call string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call)
}

// count returns how often something was asked for.
func (f *fakeEngine) count(call string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if c == call {
			n++
		}
	}
	return n
}

func (f *fakeEngine) inspect(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimSuffix(r.PathValue("name"), "/json")
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.have[name] {
		f.fail(w, http.StatusNotFound, "No such image: "+name)
		return
	}
	volumes := map[string]struct{}{}
	for _, v := range f.images[name].volumes {
		volumes[v] = struct{}{}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"Config": map[string]any{"Volumes": volumes}})
}

func (f *fakeEngine) pull(w http.ResponseWriter, r *http.Request) {
	f.note("pull")
	name := r.URL.Query().Get("fromImage") + ":" + r.URL.Query().Get("tag")
	fmt.Fprintln(w, `{"status":"Pulling from library"}`)
	if f.images[name] == nil {
		fmt.Fprintln(w, `{"errorDetail":{"message":"x"},"error":"manifest for `+name+` not found"}`)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.have[name] = true
}

func (f *fakeEngine) create(w http.ResponseWriter, r *http.Request) {
	c := &fakeContainer{stop: make(chan struct{}), followed: make(chan struct{}), ended: make(chan struct{})}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(c); err != nil {
		f.t.Errorf("create: %v", err)
	}
	c.output, c.writer = io.Pipe()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.have[c.Image] {
		f.fail(w, http.StatusNotFound, "No such image: "+c.Image)
		return
	}
	c.image = f.images[c.Image]
	id := fmt.Sprintf("c%d", len(f.made))
	f.containers[id] = c
	f.made = append(f.made, c)
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]any{"Id": id, "Warnings": []string{}})
}

func (f *fakeEngine) with(h func(http.ResponseWriter, *http.Request, *fakeContainer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		c := f.containers[r.PathValue("id")]
		f.mu.Unlock()
		if c == nil {
			f.fail(w, http.StatusNotFound, "No such container: "+r.PathValue("id"))
			return
		}
		h(w, r, c)
	}
}

func (f *fakeEngine) start(w http.ResponseWriter, _ *http.Request, c *fakeContainer) {
	if c.image.startError != "" {
		f.fail(w, http.StatusBadRequest, c.image.startError)
		return
	}
	f.mu.Lock()
	c.started = true
	f.mu.Unlock()
	go func() {
		defer close(c.ended)
		defer c.writer.Close()
		c.code = c.image.run(c)
	}()
	w.WriteHeader(http.StatusNoContent)
}

func (f *fakeEngine) wait(w http.ResponseWriter, r *http.Request, c *fakeContainer) {
	select {
	case <-c.ended:
		_ = json.NewEncoder(w).Encode(map[string]any{"StatusCode": c.code})
	case <-r.Context().Done():
	}
}

func (f *fakeEngine) stop(w http.ResponseWriter, r *http.Request, c *fakeContainer) {
	c.stopping.Do(func() {
		c.grace = r.URL.Query().Get("t")
		close(c.stop)
	})
	<-c.ended
	w.WriteHeader(http.StatusNoContent)
}

func (f *fakeEngine) logs(w http.ResponseWriter, r *http.Request, c *fakeContainer) {
	w.Header().Set("Content-Type", "application/vnd.docker.multiplexed-stream")
	_ = http.NewResponseController(w).Flush()
	close(c.followed)
	_, _ = io.Copy(w, c.output)
}

func (f *fakeEngine) archive(w http.ResponseWriter, r *http.Request, c *fakeContainer) {
	at := r.URL.Query().Get("path")
	base := filepath.Base(at)
	out := tar.NewWriter(w)
	defer out.Close()
	_ = out.WriteHeader(&tar.Header{Name: base + "/", Typeflag: tar.TypeDir, Mode: 0o755})
	for name, text := range c.image.files {
		if rest, ok := strings.CutPrefix(name, at+"/"); ok {
			_ = out.WriteHeader(&tar.Header{Name: base + "/" + rest, Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(text))})
			_, _ = io.WriteString(out, text)
		}
	}
}

func (f *fakeEngine) remove(w http.ResponseWriter, r *http.Request, _ *fakeContainer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.containers, r.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
}
