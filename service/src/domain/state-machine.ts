/** A finite state machine as data: for each state, which event leads where. */
export type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

/** Where `event` leads from `state`, or undefined when the move is not legal. */
export function next<State extends string, Event extends string>(
  transitions: Transitions<State, Event>,
  state: State,
  event: Event,
): State | undefined {
  return transitions[state][event];
}

/** A state that nothing leads out of. */
export function isFinal<State extends string, Event extends string>(
  transitions: Transitions<State, Event>,
  state: State,
): boolean {
  return Object.keys(transitions[state]).length === 0;
}
