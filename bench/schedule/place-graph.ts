import { type Graph, pools } from './draw-graph.ts';

/** A graph and the providers that serve its pools. */
export interface PlacedGraph extends Graph {
  poolIds: readonly string[];
}

/** Plans and judges; it has no other work. */
export const chiefId = 'chief';
export const modelName = 'model';

/** Graphs that run at once each have pools of their own; `place` tells them apart. */
export function placeGraph(graph: Graph, place = ''): PlacedGraph {
  return { ...graph, poolIds: poolIdsOf(place) };
}

export function poolIdsOf(place = ''): string[] {
  return Array.from({ length: pools }, (_, pool) => `${place}pool${pool + 1}`);
}
