package batchkit

// JournalFile is what a FileJournal needs of its file.
type JournalFile = journalFile

// OpenJournalOn opens a journal on a file that a test made, without a lock.
var OpenJournalOn = openJournal
