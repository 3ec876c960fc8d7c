// Command verify-proof verifies a .tlog-proof with other people's libraries:
// transparency-dev/formats reads it, golang.org/x/mod checks the signature,
// transparency-dev/merkle the inclusion.
//
//	verify-proof VKEY ENTRY PROOF
package main

import (
	"fmt"
	"os"

	"github.com/transparency-dev/formats/log"
	tproof "github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	if err := verify(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func verify(vkey, entryPath, proofPath string) error {
	entry, err := os.ReadFile(entryPath)
	if err != nil {
		return err
	}
	file, err := os.ReadFile(proofPath)
	if err != nil {
		return err
	}
	var p tproof.TLogProof
	if err := p.Unmarshal(file); err != nil {
		return err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	checkpoint, _, _, err := log.ParseCheckpoint(p.Checkpoint, verifier.Name(), verifier)
	if err != nil {
		return err
	}
	path := make([][]byte, len(p.Hashes))
	for i := range p.Hashes {
		path[i] = p.Hashes[i][:]
	}
	leaf := rfc6962.DefaultHasher.HashLeaf(entry)
	if err := proof.VerifyInclusion(rfc6962.DefaultHasher, p.Index, checkpoint.Size, leaf, path, checkpoint.Hash); err != nil {
		return err
	}
	fmt.Printf("entry %d of %d is in %s\n", p.Index, checkpoint.Size, checkpoint.Origin)
	return nil
}
