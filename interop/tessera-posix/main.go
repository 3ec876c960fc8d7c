// Command tessera-posix appends entries to a Tessera log on a local folder and
// says how many a second it acknowledged, for the bench of our own log.
//
//	tessera-posix FOLDER SECONDS OUTSTANDING SIZE
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"sort"
	"strconv"
	"sync"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	if err := run(os.Args[1], number(2), number(3), number(4)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(arg int) int {
	n, err := strconv.Atoi(os.Args[arg])
	if err != nil {
		panic(err)
	}
	return n
}

func run(folder string, seconds, outstanding, size int) error {
	ctx := context.Background()
	skey, _, err := note.GenerateKey(rand.Reader, "bench.example")
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return err
	}
	driver, err := posix.New(ctx, posix.Config{Path: folder})
	if err != nil {
		return err
	}
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithCheckpointInterval(time.Second).
		WithBatching(1024, 10*time.Millisecond)
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var latencies []time.Duration
	var group sync.WaitGroup
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	begin := time.Now()
	for lane := 0; lane < outstanding; lane++ {
		group.Add(1)
		go func() {
			defer group.Done()
			var own []time.Duration
			entry := make([]byte, size)
			for time.Now().Before(end) {
				_, _ = rand.Read(entry[:16])
				sent := time.Now()
				if _, err := appender.Add(ctx, tessera.NewEntry(append([]byte{}, entry...)))(); err != nil {
					continue
				}
				own = append(own, time.Since(sent))
			}
			mu.Lock()
			latencies = append(latencies, own...)
			mu.Unlock()
		}()
	}
	group.Wait()
	took := time.Since(begin)
	sort.Slice(latencies, func(i, j int) bool { return latencies[i] < latencies[j] })
	p99 := time.Duration(0)
	if len(latencies) > 0 {
		p99 = latencies[len(latencies)*99/100]
	}
	fmt.Printf("%.0f %.1f\n", float64(len(latencies))/took.Seconds(), float64(p99.Microseconds())/1000)
	return shutdown(ctx)
}
