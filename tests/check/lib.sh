# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by run: what the checks share.  A check is a function check_NAME
# with a line `check NAME WHAT-HOLDS` before it.  It prints what is wrong as
# FILE:LINE: MESSAGE and returns 0, 1, or 77 if it cannot be made here.

names=()
declare -A holds

check() { # NAME WHAT-HOLDS
	names+=("$1")
	holds[$1]=$2
}

cannot_run() { # WHY
	echo "$1"
	return 77
}

# The project's own files below the given paths whose names match an extended
# regular expression; relative to the root, one per line.
files() { # REGEX PATH...
	local regex=$1
	shift
	find "$@" \( -path build -o -path ./build -o -name .git \) -prune -o -type f -print |
		sed 's|^\./||' | grep -E -- "$regex" | sort
}

# C or assembly as FILE:LINE:TEXT without comments; strings stay.
code() { # FILE...
	(($#)) || return 0
	awk '
	FNR == 1 { comment = 0 }
	{
		line = $0
		out = ""
		while (length(line)) {
			if (comment) {
				end = index(line, "*/")
				comment = !end
				line = end ? substr(line, end + 2) : ""
			} else if (!match(line, /\/\*|\/\/|"|\047\\?.\047/)) {
				out = out line
				line = ""
			} else {
				token = substr(line, RSTART, RLENGTH)
				out = out substr(line, 1, RSTART - 1)
				line = substr(line, RSTART + RLENGTH)
				if (token == "//") {
					line = ""
				} else if (token == "/*") {
					comment = 1
					out = out " "
				} else if (token != "\"") {
					out = out token
				} else if (match(line, /^([^"\\]|\\.)*"/)) {
					out = out "\"" substr(line, 1, RLENGTH)
					line = substr(line, RLENGTH + 1)
				} else {
					out = out "\""
				}
			}
		}
		print FILENAME ":" FNR ":" out
	}' "$@"
}

code_in() { # REGEX PATH...
	local -a list
	mapfile -t list < <(files "$@")
	code "${list[@]}"
}

# Keeps the lines of code() whose text, not whose name, matches.
text_matches() { # REGEX
	grep -E -- "^[^:]*:[0-9]+:.*($1)"
}

from() { # REGEX-OF-FILE-NAMES, of code()'s lines
	grep -E -- "^($1):"
}

not_from() { # REGEX-OF-FILE-NAMES
	grep -vE -- "^($1):"
}

# Every line FILE:LINE:TEXT that arrives here is a mistake.
mistakes() { # MESSAGE
	awk -v message="$1" '
	match($0, /^[^:]*:[0-9]+:/) {
		text = substr($0, RLENGTH + 1)
		gsub(/^[ \t]+/, "", text)
		print substr($0, 1, RLENGTH) " " message (text == "" ? "" : ": " text)
	}
	END { exit NR > 0 }'
}
