import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CASE_MOVES } from './case-table.ts';
import { CLAIM_MOVES } from './claim-table.ts';
import { CASE_LETTERS, CLAIM_LETTERS, isCaseHistory, isClaimHistory } from './histories.ts';
import { MACHINES } from './machines.ts';
import { type Move, step } from './move.ts';

/** The table's own answer: every move in turn, by whoever may make it. */
function isLegal(table: readonly Move[], moves: readonly string[]): boolean {
  let state = 'none';
  for (const by of moves) {
    const move = table.find((one) => one.by === by && one.from.includes(state));
    if (move === undefined) return false;
    state = step(table, state, by, move.who[0]!);
  }
  return true;
}

const BOTH = [
  {
    name: 'claim',
    table: CLAIM_MOVES,
    letters: CLAIM_LETTERS,
    isHistory: isClaimHistory,
    depth: 8,
  },
  { name: 'case', table: CASE_MOVES, letters: CASE_LETTERS, isHistory: isCaseHistory, depth: 5 },
] as const;

for (const { name, table, letters, isHistory, depth } of BOTH) {
  const moves = Object.keys(letters);
  const print = (history: readonly string[]): string =>
    history.map((move) => letters[move as keyof typeof letters]).join('');

  test(`${name}: table and histories agree on every sequence of up to ${depth} moves`, () => {
    let compared = 0;
    const visit = (history: readonly string[]): void => {
      for (const move of moves) {
        const next = [...history, move];
        const legal = isLegal(table, next);
        assert.equal(isHistory(print(next)), legal, next.join(' '));
        compared++;
        // What follows an illegal move is illegal: one more move is enough to see it.
        if (legal && next.length < depth) visit(next);
      }
    };
    visit([]);
    assert.ok(compared > 1000);
  });

  test(`${name}: and on 20,000 longer ones, drawn by a fixed seed`, () => {
    const random = seeded(7);
    let legal = 0;
    for (let round = 0; round < 20_000; round++) {
      const history: string[] = [];
      let state = 'none';
      for (let length = 2 + (random() % 24); history.length < length; ) {
        const can = table.filter(({ from }) => (from as readonly string[]).includes(state));
        const isStray = can.length === 0 || random() % 20 === 0;
        const move = isStray ? moves[random() % moves.length]! : can[random() % can.length]!.by;
        history.push(move);
        const next = can.find(({ by }) => by === move)?.to;
        state = next === undefined ? 'stray' : next === 'same' ? state : next;
      }
      const answer = isLegal(table, history);
      if (answer) legal++;
      assert.equal(isHistory(print(history)), answer, history.join(' '));
    }
    assert.ok(legal > 1000 && legal < 19_000, `${legal} legal ones`);
  });
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}

test('a move leads to a state that is told, and two moves of one name never start in one state', () => {
  for (const { name, states, moves, deadlines } of MACHINES) {
    for (const { from, by, to } of moves) {
      for (const state of from) {
        assert.ok(Object.hasOwn(states, state), `${name}: ${by} from ${state}`);
        const rivals = moves.filter((one) => one.by === by && one.from.includes(state));
        assert.equal(rivals.length, 1, `${name}: ${by} from ${state}`);
      }
      assert.ok(to === 'same' || Object.hasOwn(states, to), `${name}: ${by} to ${to}`);
    }
    for (const { in: states, makes } of deadlines) {
      for (const state of states) {
        const move = moves.find((one) => one.by === makes && one.from.includes(state));
        assert.ok(move, `${name}: nothing to do when ${state} is late`);
        assert.ok(move.who.includes('timer') || move.who.includes('system'), `${name}: ${makes}`);
      }
    }
  }
});
