/** A few of the modules that the node names in its build; the real list has two hundred. */
export const NODE_BUILD_DEPS = [
  { path: 'cel.dev/expr', version: 'v0.20.0', sum: 'h1:OunBvVCfvpWlt4dN7zg3FM6TDkzOePe1+foGJ9AXeeI=' },
  { path: 'cloud.google.com/go', version: 'v0.116.0', sum: 'h1:B3fRrSDkLRt5qSHWe40ERJvhvnQwdZiHu0bJOpldweE=' },
];
