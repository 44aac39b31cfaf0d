'use client';
import { usePanelData } from '../ui/panel-data.ts';
import type { ExitView, LeaveNow } from './leave-data.ts';

const EVERY_MS = 3000;

/** What the page of leaving shows: looked at again and again, so that a second browser and a restarted panel come to the same. */
export const useLeave = () => usePanelData<LeaveNow>('/api/leave', { every: EVERY_MS });

/** One exit, running or over. */
export const useExit = (id: string) => usePanelData<ExitView>(`/api/leave/${encodeURIComponent(id)}`, { every: EVERY_MS, keepPreviousData: false });
