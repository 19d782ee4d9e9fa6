package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// A clock that only stands moves when it is told to, and not by a web page.
func TestServeControl(t *testing.T) {
	t.Parallel()
	url, _ := startServe(t, "--virtual-clock=2026-01-01T00:00:00Z", "--duration", "1h", "--pace", "1m")
	client := clientOf(url)
	id := submitted(t, client)
	post := func(site string) (int, string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/_batchkit/advance", strings.NewReader(`{"seconds": 3780}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Sec-Fetch-Site", site)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	if status, body := post("cross-site"); status != http.StatusForbidden {
		t.Errorf("a web page got %d %s", status, body)
	}
	if got := statusOfJob(t.Context(), t, client, id); got != types.JobStatusSubmitted {
		t.Errorf("%s, want the clock to have stood", got)
	}
	if status, body := post("none"); status != http.StatusOK || body != `{"now":"2026-01-01T01:03:00Z","virtual":true}`+"\n" {
		t.Errorf("got %d %s", status, body)
	}
	if got := statusOfJob(t.Context(), t, client, id); got != types.JobStatusSucceeded {
		t.Errorf("%s after an hour and three minutes", got)
	}
}
