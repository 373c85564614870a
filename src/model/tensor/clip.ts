/** Shortens a gradient to the norm `most` where it is longer (Pascanu, Mikolov and Bengio, 2013). */
export function clip(gradients: Float32Array, most: number): void {
  let squares = 0;
  for (let i = 0; i < gradients.length; i++) squares += gradients[i]! * gradients[i]!;
  const scale = most / Math.sqrt(squares);
  if (scale < 1) for (let i = 0; i < gradients.length; i++) gradients[i]! *= scale;
}
