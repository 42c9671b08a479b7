// TanStack Query's side of `cargo xtask bench query`: each workload as functions that the harness calls one by one.
//
// Not when: `run.mjs` does that. Both sides' data follow the same rules (`row` here, `Row::new` in `src/row.rs`).

// ---------- data
export const row = (i, rev = 0) => ({
  _id: `65f0c0ffee${String(i).padStart(14, '0')}`, title: `Task number ${i}`, done: i % 3 === 0, priority: i % 5, rev,
  assignee: { id: i % 97, name: `User ${i % 97}` }, tags: ['a' + (i % 7), 'b' + (i % 11)],
  updatedAt: '2026-01-01T00:00:00.000Z', estimate: i * 1.5, notes: null,
})
export const rows = (count) => Array.from({ length: count }, (_, i) => row(i))
const clone = (value) => JSON.parse(JSON.stringify(value))
const item = (i) => ['todos', { project: i % 100 }, 'item', i]
const deepKey = ['todos', 'list', {
  filter: {
    status: ['open', 'blocked'], text: 'foo', range: { from: 1700000000, to: 1800000000 },
    owner: { id: 42, team: { id: 7, org: 'acme' } },
  },
  sort: [{ by: 'due', dir: 'asc' }, { by: 'prio', dir: 'desc' }], page: 3, size: 50,
}]

// Every workload by its name: `setup` makes it ready, `run` is one round of `operations`, `clear` lets go. With `once` a
// round uses up what was made ready. `facts` are counted, not timed.
export function workloads(core, persist) {
  const { QueryClient, QueryObserver, MutationObserver, QueriesObserver, InfiniteQueryObserver } = core
  const { hashKey, replaceEqualDeep, dehydrate, hydrate, notifyManager } = core
  // timers are really scheduled, as in a browser
  core.environmentManager?.setIsServer?.(() => false)
  notifyManager.setScheduler((callback) => callback())

  const client = (options = {}) =>
    new QueryClient({ defaultOptions: { queries: { gcTime: 300000, retry: false, ...options } } })
  const fill = (c, count = 10000) => {
    for (let i = 0; i < count; i++) c.setQueryData(item(i), { v: i })
    return c
  }
  const filled = { setup: () => fill(client()) }
  const thousand = (run, operations = 1000) => ({ operations, run })

  const observed = (count, options = {}) => {
    const c = client({ staleTime: Infinity })
    c.setQueryData(['k'], { v: -1, rows: rows(20) })
    for (let i = 0; i < count; i++) new QueryObserver(c, { queryKey: ['k'], ...options }).subscribe(() => {})
    return c
  }
  const manyKeys = (observe) => () => {
    const c = client({ staleTime: Infinity })
    for (let i = 0; i < 1000; i++) c.setQueryData(['k', i], { v: i })
    if (observe) for (let i = 0; i < 1000; i++) new QueryObserver(c, { queryKey: ['k', i] }).subscribe(() => {})
    return c
  }
  const setMany = (c, n) => notifyManager.batch(() => {
    for (let i = 0; i < 1000; i++) c.setQueryData(['k', i], { v: n * 1000 + i + 1 })
  })

  // two reads of 10,000 rows that differ in one
  let shared
  const reads = () => {
    if (!shared) {
      const a = rows(10000), b = clone(a)
      b[5000] = row(5000, 1)
      shared = { a, b, same: clone(a), texts: [JSON.stringify(a), JSON.stringify(b)] }
    }
    return shared
  }
  const listed = () => {
    const c = client()
    c.setQueryData(['l'], rows(10000))
    return c
  }

  const thousandValues = () => {
    const c = client()
    for (let i = 0; i < 1000; i++) c.setQueryData(['q', i, { p: i % 10 }], rows(10))
    return c
  }
  let dehydrated
  const text = () => (dehydrated ??= JSON.stringify(dehydrate(thousandValues())))
  const persisted = (count) => {
    const c = client()
    for (let i = 0; i < count; i++) c.setQueryData(['p', i], rows(2))
    let saves = 0
    const stop = persist.persistQueryClientSubscribe({
      queryClient: c,
      persister: { persistClient: () => { saves++ }, restoreClient: () => undefined, removeClient: () => {} },
    })
    return { c, saves: () => saves, clear() { stop(); c.clear() } }
  }

  // the recipe of its documentation: a snapshot, and back to it on failure
  const listOf = (count) => {
    const c = client({ staleTime: Infinity })
    c.setQueryData(['list'], rows(count))
    return c
  }
  const edited = (list, id) => {
    const next = list.slice()
    next[id] = { ...next[id], rev: next[id].rev + 1 }
    return next
  }
  const mutateAll = (c, count, fails, wait) => {
    const all = []
    for (let i = 0; i < count; i++) {
      const mutation = new MutationObserver(c, {
        gcTime: 0,
        mutationFn: async ({ id, fail }) => {
          await (wait ? new Promise((resolve) => setTimeout(resolve, wait(id))) : null)
          if (fail) throw new Error('x')
          return id
        },
        onMutate: async ({ id }) => {
          await c.cancelQueries({ queryKey: ['list'] })
          const before = c.getQueryData(['list'])
          c.setQueryData(['list'], (list) => edited(list, id))
          return { before }
        },
        onError: (_error, _variables, context) => { c.setQueryData(['list'], context.before) },
      })
      all.push(mutation.mutate({ id: i, fail: fails(i) }).catch(() => {}))
    }
    return Promise.all(all)
  }
  const judged = async (count, fails, wait) => {
    const c = listOf(count)
    await mutateAll(c, count, fails, wait)
    const list = c.getQueryData(['list'])
    let lost = 0, ghosts = 0
    for (let i = 0; i < count; i++) {
      if (!fails(i) && list[i].rev !== 1) lost++
      if (fails(i) && list[i].rev !== 0) ghosts++
    }
    c.clear()
    return { lost, ghosts }
  }
  const together = () => judged(1000, (i) => i % 2 === 0)
  const staggered = () => judged(100, (i) => i % 10 === 0, (i) => (i * 37) % 50)

  const broadcast = () => {
    const c = listed()
    c.setQueryData(['l'], (list) => edited(list, 1))
    return c.getQueryCache().find({ queryKey: ['l'] }).state
  }

  const heap = (make) => {
    gc(); gc()
    const before = process.memoryUsage().heapUsed
    const kept = make()
    gc(); gc()
    return [(process.memoryUsage().heapUsed - before) / 20000, kept]
  }
  const idle = () => {
    const c = client()
    for (let i = 0; i < 20000; i++) c.setQueryData(['m', i], i)
    return c
  }

  const timed = {
    W1a: thousand(() => { for (let i = 0; i < 1000; i++) hashKey(['todos', 'item', i]) }),
    W1b: thousand(() => { for (let i = 0; i < 1000; i++) hashKey(deepKey) }),
    W1c: { ...filled, operations: 1000, run: (c) => { for (let i = 0; i < 1000; i++) c.getQueryData(item(i)) } },
    W2a: {
      ...filled, once: true, operations: 100,
      run: (c) => {
        for (let p = 0; p < 100; p++) c.invalidateQueries({ queryKey: ['todos', { project: p }], refetchType: 'none' })
      },
    },
    W2b: { ...filled, run: (c, n) => { c.invalidateQueries({ queryKey: item(n % 10000), exact: true, refetchType: 'none' }) } },
    W2c: { ...filled, run: (c, n) => { c.invalidateQueries({ queryKey: ['nope', n], refetchType: 'none' }) } },
    W2d: {
      once: true,
      setup: () => {
        const c = fill(client({ staleTime: Infinity }))
        for (let i = 0; i < 1000; i++) new QueryObserver(c, { queryKey: item(i), enabled: false }).subscribe(() => {})
        return c
      },
      run: (c) => { c.invalidateQueries({ queryKey: ['todos'], refetchType: 'none' }) },
    },
    W3a: { setup: () => observed(1000), run: (c, n) => { c.setQueryData(['k'], (old) => ({ ...old, v: n })) } },
    W3b: {
      setup: () => observed(1000, { select: (data) => data.rows[3].title, notifyOnChangeProps: ['data'] }),
      run: (c, n) => { c.setQueryData(['k'], (old) => ({ ...old, v: n })) },
    },
    W3c: { setup: () => observed(1000), run: (c) => { c.setQueryData(['k'], (old) => old, { updatedAt: 1 }) } },
    W3d: {
      setup: manyKeys(false), operations: 1000,
      run: (c) => {
        const stops = []
        for (let i = 0; i < 1000; i++) stops.push(new QueryObserver(c, { queryKey: ['k', i] }).subscribe(() => {}))
        for (const stop of stops) stop()
      },
    },
    W3e: { setup: manyKeys(true), operations: 1000, run: setMany },
    W4a: { run: () => { const { a, b } = reads(); replaceEqualDeep(a, b) } },
    W4b: { run: () => { const { a, same } = reads(); replaceEqualDeep(a, same) } },
    W4c: { run: () => { JSON.parse(reads().texts[1]) } },
    'W4a+c': { setup: listed, run: (c, n) => { c.setQueryData(['l'], JSON.parse(reads().texts[(n + 1) % 2])) } },
    W4d: {
      setup: listed,
      run: (c, n) => {
        c.setQueryData(['l'], (list) => {
          const next = list.slice()
          next[n % 10000] = { ...next[n % 10000], rev: n + 1 }
          return next
        })
      },
    },
    W4e: { setup: listed, run: (c, n) => { c.setQueryData(['l'], (list) => [row(100000 + n), ...list.slice(0, 9999)]) } },
    W5a: { once: true, setup: thousandValues, run: (c) => { dehydrate(c) } },
    W5b: { once: true, setup: thousandValues, run: (c) => { JSON.stringify(dehydrate(c)) } },
    W5c: { once: true, setup: () => { text(); return client() }, run: (c) => { hydrate(c, JSON.parse(text())) } },
    W5d: {
      setup: () => { const c = client(); hydrate(c, JSON.parse(text())); return c },
      run: (c) => { hydrate(c, JSON.parse(text())) },
    },
    W6a: { once: true, operations: 1000, setup: () => listOf(1000), run: (c) => mutateAll(c, 1000, () => false) },
    W6b: { once: true, operations: 1000, setup: () => listOf(1000), run: (c) => mutateAll(c, 1000, () => true) },
    W7a: {
      once: true, operations: 1000, setup: () => client(),
      run: (c) => Promise.all(Array.from({ length: 1000 }, (_, i) => c.fetchQuery({ queryKey: ['f', i], queryFn: () => i }))),
    },
    W7b: {
      once: true, operations: 10000, setup: () => client(),
      run: async (c) => {
        let calls = 0
        const all = []
        for (let i = 0; i < 10000; i++) all.push(c.fetchQuery({ queryKey: ['d'], queryFn: async () => { calls++; return 1 } }))
        await Promise.all(all)
        if (calls !== 1) throw new Error(`${calls} fetches of one key`)
      },
    },
    W7c: { ...filled, run: (c) => { c.cancelQueries({ queryKey: ['todos', { project: 5 }] }) } },
    W8: {
      once: true,
      setup: () => {
        const c = fill(client())
        const state = { c, calls: 0, clear: () => c.clear() }
        for (let i = 0; i < 1000; i++) {
          const queryFn = async () => { state.calls++; return { v: i } }
          new QueryObserver(c, { queryKey: item(i), staleTime: 0, refetchOnMount: false, queryFn }).subscribe(() => {})
        }
        return state
      },
      run: async (state) => {
        state.c.getQueryCache().onFocus()
        while (state.c.isFetching()) await null
        if (state.calls !== 1000) throw new Error(`${state.calls} fetches of 1000 keys`)
      },
    },
    W9: {
      once: true, operations: 1000,
      setup: () => {
        const c = manyKeys(false)()
        new QueriesObserver(c, Array.from({ length: 1000 }, (_, i) => ({ queryKey: ['k', i] }))).subscribe(() => {})
        return c
      },
      run: setMany,
    },
    W10: {
      operations: 100, setup: () => persisted(5000),
      run: ({ c }, n) => { for (let i = 0; i < 100; i++) c.setQueryData(['p', i], { v: n * 100 + i }) },
    },
    W11b: { setup: broadcast, run: (state) => { structuredClone(state) } },
    W12: {
      setup: async () => {
        const c = client()
        const observer = new InfiniteQueryObserver(c, {
          queryKey: ['inf'], initialPageParam: 0,
          queryFn: async ({ pageParam }) => rows(100).map((one) => ({ ...one, page: pageParam })),
          getNextPageParam: (_last, all) => (all.length < 50 ? all.length : undefined),
        })
        const stop = observer.subscribe(() => {})
        while (c.isFetching()) await new Promise((resolve) => setTimeout(resolve))
        while (observer.getCurrentResult().hasNextPage) await observer.fetchNextPage()
        return { observer, clear() { stop(); c.clear() } }
      },
      run: ({ observer }) => observer.refetch(),
    },
  }

  const facts = {
    'W6c lost': async () => (await together()).lost,
    'W6c ghosts': async () => (await together()).ghosts,
    'W6d lost': async () => (await staggered()).lost,
    'W6d ghosts': async () => (await staggered()).ghosts,
    W10b: () => {
      const p = persisted(10)
      for (let i = 0; i < 100; i++) p.c.setQueryData(['p', i % 10], { v: i + 1 })
      p.clear()
      return p.saves() * 10
    },
    W11a: async () => {
      const { serialize } = await import('node:v8')
      return serialize({ type: 'updated', queryHash: 'h', queryKey: ['l'], state: broadcast() }).length
    },
    W13a: () => heap(idle)[0],
    W13b: () => {
      const c = idle()
      const [bytes] = heap(() => Array.from({ length: 20000 }, (_, i) =>
        new QueryObserver(c, { queryKey: ['m', i], staleTime: Infinity }).subscribe(() => {})))
      c.clear()
      return bytes
    },
  }
  return { timed, facts }
}
