import { Activity, Cpu, Flag, Globe, History, LogOut, Server, Settings, SlidersHorizontal, TextAlignStart, type LucideIcon } from 'lucide-react';

/** The pages of the rail, in its order; `bar` ones have a place in the phone's bottom bar, the rest stand behind "More". `key` is pressed after `g`. */
export const pages: readonly { href: string; name: 'overview' | 'onboarding' | 'services' | 'ml-nodes' | 'logs' | 'network' | 'config' | 'leave' | 'history' | 'settings'; icon: LucideIcon; bar: boolean; key: string }[] = [
  { href: '/', name: 'overview', icon: Activity, bar: true, key: 'o' },
  { href: '/onboarding', name: 'onboarding', icon: Flag, bar: false, key: 'b' },
  { href: '/services', name: 'services', icon: Server, bar: true, key: 's' },
  { href: '/ml-nodes', name: 'ml-nodes', icon: Cpu, bar: false, key: 'm' },
  { href: '/logs', name: 'logs', icon: TextAlignStart, bar: true, key: 'l' },
  { href: '/network', name: 'network', icon: Globe, bar: false, key: 'n' },
  { href: '/config', name: 'config', icon: SlidersHorizontal, bar: false, key: 'c' },
  { href: '/leave', name: 'leave', icon: LogOut, bar: true, key: 'x' },
  { href: '/history', name: 'history', icon: History, bar: false, key: 'h' },
  { href: '/settings', name: 'settings', icon: Settings, bar: false, key: ',' },
];

export const isHere = (href: string, path: string) => (href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`));
