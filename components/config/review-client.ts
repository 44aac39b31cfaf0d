'use client';
import type { ShownError } from '../ui/error-notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';
import type { ConfigPlan, ConfigQuestion, ConfigSave } from './config-data.ts';
import { neverSent, typedIn } from './never-sent.ts';

type Answer<T> = { value: T } | { error: ShownError };

async function ask<T>(url: string, body: ConfigQuestion): Promise<Answer<T>> {
  const refused = neverSent(typedIn(body.change));
  if (refused) return { error: refused };
  try {
    return { value: await sendPanel<T>(url, body) };
  } catch (error) {
    return { error: error instanceof RequestFailed ? error.shown : { code: 'panel_unreachable' } };
  }
}

export const planChange = (question: ConfigQuestion) => ask<ConfigPlan>('/api/config/plan', question);
export const saveChange = (save: ConfigSave) => ask<{ id: string }>('/api/config/save', save);
