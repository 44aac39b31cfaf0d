/** The variable that marks our commands' processes, so that one that outlived the panel is found again. */
export const PROCESS_MARK = 'GONKA_PANEL_OPERATION';
