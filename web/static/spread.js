// Keeps signs from lying on each other: pushes those that are too near apart, a little at a time.

const ROUNDS = 40;

/**
 * Return an offset [dx, dy] for each point ([x, y], px) after which any two are `gap` px apart,
 * or nearly so in a crowd. A point with enough room stays where it is.
 */
export function spread(points, gap) {
  const at = points.map(([x, y]) => [x, y]);
  for (let round = 0; round < ROUNDS; round += 1) if (!pushAll(at, gap)) break;
  return at.map(([x, y], i) => [Math.round(x - points[i][0]), Math.round(y - points[i][1])]);
}

function pushAll(at, gap) {
  let hasMoved = false;
  for (let i = 0; i < at.length; i += 1) {
    for (let j = 0; j < i; j += 1) hasMoved = push(at[i], at[j], gap, i) || hasMoved;
  }
  return hasMoved;
}

function push(a, b, gap, turn) {
  let [dx, dy] = [a[0] - b[0], a[1] - b[1]];
  const apart = Math.hypot(dx, dy);
  if (apart >= gap - 0.5) return false;
  // In one place there is no direction: each pair takes one of its own.
  if (apart < 0.01) [dx, dy] = [Math.cos(turn), Math.sin(turn)];
  const length = apart < 0.01 ? 1 : apart;
  const half = (gap - apart) / 2 / length;
  for (const [point, sense] of [[a, 1], [b, -1]]) {
    point[0] += sense * dx * half;
    point[1] += sense * dy * half;
  }
  return true;
}
