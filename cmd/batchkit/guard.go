package main

import (
	"io"
	"net"
	"net/http"
	"strings"
)

// ownOnly keeps web pages out. A browser lets any page send requests to a loopback address, under the page's own name
// too if its DNS answer changes meanwhile, and here a request can run a command. So requests of other origins are
// refused, and those for a host that is not this machine.
func ownOnly(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(deny("requests of web pages are not served"))
	strangers := deny("only requests to a loopback address are served, such as 127.0.0.1 or localhost")
	return origins.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(hostOf(r.Host)) {
			strangers.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	}))
}

// deny refuses a request in the form that clients of the service read.
func deny(message string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"message":"`+message+`"}`) // a client that has gone needs no answer
	})
}

// hostOf takes the port, if there is one, off the host of a request.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.Trim(address, "[]") // of an IPv6 address
}
