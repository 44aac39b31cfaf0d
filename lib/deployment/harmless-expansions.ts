/** What stands in `$…` and surely neither changes a variable of ours nor is a syntax error. */

/** `$(…)` whose inside is surely well formed, and which can change no variable of ours. */
export const PLAIN_COMMAND = /^\s*(?:(?!(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|in|function|select|time|coproc)\b)[\w./][\w./:@%+,=-]*|'[^'\n]*'|"[^"`$\\\n]*")(?:[ \t]+(?:[\w./:@%+,=-]+|'[^'\n]*'|"[^"`$\\\n]*"))*(?:[ \t]*\|[ \t]*(?:(?!(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|in|function|select|time|coproc)\b)[\w./][\w./:@%+,=-]*)(?:[ \t]+(?:[\w./:@%+,=-]+|'[^'\n]*'|"[^"`$\\\n]*"))*)*\s*$/;
/** `${…}` that bash accepts and that changes nothing: length, cut, replace, change of case. */
export const HARMLESS_EXPANSION = /^(?:#[A-Za-z_]\w*|[A-Za-z_]\w*(?:(?:%%?|##?|\/\/?|\^\^?|,,?)[\w.:/*?-]*))$/;
