package docker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// An Error is an answer of the engine that is none of success.
type Error struct {
	// Status is that of HTTP, 0 when the engine said so in the middle of a pull.
	Status int
	// Message is what the engine says.
	Message string

	during activity
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.during, e.Message) }

func isNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound
}

// An activity is what the engine was asked to do.
type activity string

const (
	greeting  activity = "asking for the version of the engine"
	looking   activity = "looking for the image"
	pulling   activity = "pulling the image"
	creating  activity = "creating the container"
	starting  activity = "starting the container"
	reading   activity = "reading the container's output"
	awaiting  activity = "waiting for the container"
	stopping  activity = "stopping the container"
	removing  activity = "removing the container"
	archiving activity = "reading the image's files"
)

// An engine is the API of a Docker Engine.
type engine struct {
	http *http.Client

	mu     sync.Mutex
	prefix string // the version in paths, once it is known
}

// dial returns the engine at an address, without connecting to it.
func dial(host string) (*engine, error) {
	network, address, _ := strings.Cut(host, "://")
	if network != "unix" && network != "tcp" || address == "" {
		return nil, fmt.Errorf("batchtest/docker: the address of the engine must be unix:///path or tcp://host:port, found %q", host)
	}
	var dialer net.Dialer
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, address)
	}}
	return &engine{http: &http.Client{Transport: transport}}, nil
}

// version returns the version of the API that the engine prefers, as it stands
// at the beginning of paths. It asks until there is an answer.
func (e *engine) version(ctx context.Context) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.prefix != "" {
		return e.prefix, nil
	}
	resp, err := e.send(ctx, greeting, "GET", "/_ping", nil)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	version := resp.Header.Get("Api-Version")
	if version == "" {
		return "", &Error{Status: resp.StatusCode, Message: "there is no version in the answer", during: greeting}
	}
	e.prefix = "/v" + version
	return e.prefix, nil
}

// call makes a request of the API. The body of the answer is the caller's to
// close.
func (e *engine) call(ctx context.Context, what activity, method, path string, query url.Values, in any) (*http.Response, error) {
	prefix, err := e.version(ctx)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		body = bytes.NewReader(data)
	}
	target := url.URL{Path: prefix + path, RawQuery: query.Encode()}
	return e.send(ctx, what, method, target.String(), body)
}

// maxError is how much is read of an error answer, in bytes.
const maxError = 64 << 10

func (e *engine) send(ctx context.Context, what activity, method, target string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://docker"+target, body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := e.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if resp.StatusCode < 400 {
		return resp, nil
	}
	defer resp.Body.Close()
	failure := &Error{Status: resp.StatusCode, Message: resp.Status, during: what}
	var said struct{ Message string }
	if json.NewDecoder(io.LimitReader(resp.Body, maxError)).Decode(&said) == nil && said.Message != "" {
		failure.Message = said.Message
	}
	return nil, failure
}

// do makes a request whose answer is one JSON value. With a nil out it is
// dropped.
func (e *engine) do(ctx context.Context, what activity, method, path string, query url.Values, in, out any) error {
	resp, err := e.call(ctx, what, method, path, query, in)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// image is what is of interest of an image that the engine has.
type image struct {
	Config struct{ Volumes map[string]struct{} }
}

func (e *engine) image(ctx context.Context, name string) (out image, err error) {
	return out, e.do(ctx, looking, "GET", "/images/"+name+"/json", nil, nil, &out)
}

// pull pulls an image. A pull that fails does so in the middle of its answer.
func (e *engine) pull(ctx context.Context, image string) error {
	name, tag := reference(image)
	resp, err := e.call(ctx, pulling, "POST", "/images/create", url.Values{"fromImage": {name}, "tag": {tag}}, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	for d := json.NewDecoder(resp.Body); ; {
		var progress struct{ Error string }
		switch err := d.Decode(&progress); {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", pulling, err)
		case progress.Error != "":
			return &Error{Message: progress.Error, during: pulling}
		}
	}
}

// reference splits the tag or the digest off the name of an image. Without one
// the engine would pull all tags that there are.
func reference(image string) (name, tag string) {
	if name, digest, ok := strings.Cut(image, "@"); ok {
		return name, digest
	}
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[:i], image[i+1:]
	}
	return image, "latest"
}

// A container is what the engine is to make. Its members are the API's.
type container struct {
	Image      string
	Entrypoint []string          `json:",omitempty"`
	Cmd        []string          `json:",omitempty"`
	Env        []string          `json:",omitempty"`
	User       string            `json:",omitempty"`
	Labels     map[string]string `json:",omitempty"`
	HostConfig hostConfig
}

type hostConfig struct {
	CPUShares      int64     `json:"CpuShares,omitempty"`
	Memory         int64     `json:",omitempty"` // in bytes
	Privileged     bool      `json:",omitempty"`
	ReadonlyRootfs bool      `json:",omitempty"`
	NetworkMode    string    `json:",omitempty"`
	LogConfig      logConfig `json:",omitzero"`
	Mounts         []mount   `json:",omitempty"`
}

type logConfig struct{ Type string }

type mount struct {
	Type, Source, Target string
	ReadOnly             bool `json:",omitempty"`
}

func (e *engine) create(ctx context.Context, c container) (id string, err error) {
	var out struct{ ID string }
	err = e.do(ctx, creating, "POST", "/containers/create", nil, c, &out)
	return out.ID, err
}

func (e *engine) start(ctx context.Context, id string) error {
	return e.do(ctx, starting, "POST", "/containers/"+id+"/start", nil, nil, nil)
}

// wait waits until a container has ended, and returns its exit code.
func (e *engine) wait(ctx context.Context, id string) (code int, err error) {
	var out struct {
		StatusCode int
		Error      *struct{ Message string }
	}
	err = e.do(ctx, awaiting, "POST", "/containers/"+id+"/wait", url.Values{"condition": {"not-running"}}, nil, &out)
	if err == nil && out.Error != nil && out.Error.Message != "" {
		err = &Error{Message: out.Error.Message, during: awaiting}
	}
	return out.StatusCode, err
}

// stop stops a container, and kills it when it has not stopped in time.
func (e *engine) stop(ctx context.Context, id string, seconds int) error {
	return e.do(ctx, stopping, "POST", "/containers/"+id+"/stop", url.Values{"t": {strconv.Itoa(seconds)}}, nil, nil)
}

// remove removes a container, also one that runs, and its anonymous volumes.
func (e *engine) remove(ctx context.Context, id string) error {
	err := e.do(ctx, removing, "DELETE", "/containers/"+id, url.Values{"force": {"1"}, "v": {"1"}}, nil, nil)
	if isNotFound(err) {
		return nil
	}
	return err
}

// logs copies the output of a container until it has ended.
func (e *engine) logs(ctx context.Context, id string, stdout, stderr io.Writer) error {
	resp, err := e.call(ctx, reading, "GET", "/containers/"+id+"/logs", url.Values{"follow": {"1"}, "stdout": {"1"}, "stderr": {"1"}}, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := demultiplex(resp.Body, stdout, stderr); err != nil {
		return fmt.Errorf("%s: %w", reading, err)
	}
	return nil
}

// archive hands what a container holds at a path to f, as a tar file. Nothing is
// done when there is nothing.
func (e *engine) archive(ctx context.Context, id, path string, f func(io.Reader) error) error {
	resp, err := e.call(ctx, archiving, "GET", "/containers/"+id+"/archive", url.Values{"path": {path}}, nil)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return f(resp.Body)
}
