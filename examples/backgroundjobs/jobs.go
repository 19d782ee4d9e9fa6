package main

import (
	"time"

	"github.com/batchkit/batchkit-go/batchkit"
)

// background is one of the application's background jobs. All are commands of one image.
type background struct {
	name    string
	vcpu    float64
	memory  batchkit.Memory
	timeout time.Duration
	routed  bool // has many lines to log, so it brings a router of its own; the others use the host's
}

// jobs are the background jobs, by the team whose role they run with.
var jobs = map[string][]background{
	"billing": {
		{name: "close-books", vcpu: 4, memory: 16 * batchkit.GiB, timeout: 6 * time.Hour, routed: true},
		{name: "collect-payments", vcpu: 2, memory: 4 * batchkit.GiB, timeout: time.Hour, routed: true},
		{name: "dunning", vcpu: 1, memory: 1 * batchkit.GiB, timeout: 30 * time.Minute},
		{name: "exchange-rates", vcpu: 1, memory: 256, timeout: 5 * time.Minute},
		{name: "export-ledger", vcpu: 1, memory: 2 * batchkit.GiB, timeout: time.Hour},
		{name: "invoices", vcpu: 2, memory: 4 * batchkit.GiB, timeout: 2 * time.Hour},
		{name: "refunds", vcpu: 1, memory: 512, timeout: 15 * time.Minute},
		{name: "tax-report", vcpu: 2, memory: 8 * batchkit.GiB, timeout: 3 * time.Hour},
	},
	"catalogue": {
		{name: "crawl-suppliers", vcpu: 2, memory: 2 * batchkit.GiB, timeout: 4 * time.Hour, routed: true},
		{name: "deduplicate", vcpu: 8, memory: 32 * batchkit.GiB, timeout: 8 * time.Hour},
		{name: "expire-offers", vcpu: 1, memory: 512, timeout: 10 * time.Minute},
		{name: "import-feeds", vcpu: 2, memory: 8 * batchkit.GiB, timeout: 2 * time.Hour, routed: true},
		{name: "prices", vcpu: 1, memory: 1 * batchkit.GiB, timeout: 20 * time.Minute},
		{name: "reindex", vcpu: 4, memory: 8 * batchkit.GiB, timeout: 3 * time.Hour},
		{name: "sitemap", vcpu: 1, memory: 1 * batchkit.GiB, timeout: 30 * time.Minute},
		{name: "thumbnails", vcpu: 4, memory: 4 * batchkit.GiB, timeout: 2 * time.Hour},
	},
	"customers": {
		{name: "anonymise", vcpu: 2, memory: 4 * batchkit.GiB, timeout: 2 * time.Hour},
		{name: "birthday-mails", vcpu: 1, memory: 512, timeout: 30 * time.Minute},
		{name: "cluster-segments", vcpu: 12, memory: 24 * batchkit.GiB, timeout: 6 * time.Hour},
		{name: "export-consents", vcpu: 1, memory: 1 * batchkit.GiB, timeout: time.Hour},
		{name: "merge-accounts", vcpu: 1, memory: 2 * batchkit.GiB, timeout: time.Hour},
		{name: "newsletter", vcpu: 2, memory: 2 * batchkit.GiB, timeout: 4 * time.Hour, routed: true},
		{name: "purge-sessions", vcpu: 1, memory: 256, timeout: 10 * time.Minute},
		{name: "recommendations", vcpu: 8, memory: 16 * batchkit.GiB, timeout: 5 * time.Hour, routed: true},
		{name: "surveys", vcpu: 1, memory: 512, timeout: 30 * time.Minute},
	},
}
