/**
 * Following the newest line, or standing still. Standing still loses nothing: what comes is kept and counted, and when the
 * room for it is used up the stream is let go and taken up again where it was left (LogSession).
 */
export type FollowState = {
  mode: 'following' | 'paused';
  /** Why it stands still: pressed, or scrolled up (then reaching the bottom goes on by itself). */
  by?: 'button' | 'scroll' | 'link';
  /** The number (seq) that the next line would have got when it stopped; shown lines from there on are new. */
  seenUntil: number;
};
export type FollowAction =
  | { type: 'pause'; by: 'button' | 'scroll' | 'link'; at: number }
  | { type: 'resume' }
  /** The view stands at its end, brought there by the person. */
  | { type: 'bottom' };

export const following: FollowState = { mode: 'following', seenUntil: 0 };

export function follow(state: FollowState, action: FollowAction): FollowState {
  switch (action.type) {
    case 'pause':
      if (state.mode === 'paused') return state.by === 'scroll' && action.by === 'button' ? { ...state, by: 'button' } : state;
      return { mode: 'paused', by: action.by, seenUntil: action.at };
    case 'resume':
      return state.mode === 'following' ? state : following;
    case 'bottom':
      return state.mode === 'paused' && state.by !== 'button' ? following : state;
  }
}
