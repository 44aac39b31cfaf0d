'use client';
import { usePanelData } from '../ui/panel-data.ts';
import type { Overview } from './overview-data.ts';

/** The overview's data, shared by page, rail and palette: one request for all of them. */
export const useOverview = () => usePanelData<Overview>('/api/overview', { every: 5000 });
