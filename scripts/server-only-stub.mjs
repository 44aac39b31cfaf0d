// The gate's bundle is server code by nature; the marker package would throw outside of Next.
