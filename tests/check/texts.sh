# SPDX-License-Identifier: GPL-2.0-or-later
# What every file looks like, and what texts promise.

# Not what fuzzers and captures hold, nor patches, which quote.
text_files() {
	files '.' . | grep -vE '\.(pcap|png|o|ko|patch)$|^tests/fuzz/corpus/'
}

check licence 'every source says its licence in its first lines'
check_licence() {
	local file status=0
	for file in $(text_files); do
		case $file in
		*.c | *.h | *.S | *.mk | *.sh | Makefile | */Makefile | Kbuild) ;;
		*) [[ $(head -c 2 "$file") == '#!' ]] || continue ;;
		esac
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2\.0-or-later' && continue
		echo "$file:1: no SPDX-License-Identifier: GPL-2.0-or-later"
		status=1
	done
	return $status
}

check whitespace 'no blanks at line ends, indentation by tabs, code within 100 columns'
check_whitespace() {
	local -a list sources code
	local status=0 file
	# complaints: patterns, whose last blank may mean something
	mapfile -t list < <(text_files | grep -v '^tools/vm/complaints$')
	mapfile -t sources < <(text_files | grep -E '\.([chS]|mk|sh)$|Makefile$|Kbuild$')
	mapfile -t code < <(text_files | grep -E '\.[chS]$' | grep -v '^tests/')
	grep -nHE '[[:blank:]]+$' "${list[@]}" | sed 's/:[^:]*$/:/' |
		mistakes "blanks at the end" || status=1
	grep -nHE $'^\t* +\t|^ {8}' "${sources[@]}" | mistakes "blanks where a tab belongs" || status=1
	grep -nH $'\r' "${list[@]}" | mistakes "carriage return" || status=1
	too_wide "${code[@]}" | mistakes "more than 100 columns" || status=1
	for file in "${list[@]}"; do
		[[ ! -s $file || -z $(tail -c 1 "$file") ]] && continue
		echo "$file:$(wc -l <"$file"): no newline at the end"
		status=1
	done
	return $status
}

# FILE:LINE: of lines that are too wide, a tab reaching the next multiple of 8.
# A string is not cut for its width: it is searched for.
too_wide() { # FILE...
	awk '
	length($0) > 60 {
		width = 0
		n = split($0, part, "\t")
		for (i = 1; i <= n; i++) {
			width += length(part[i])
			if (i < n)
				width += 8 - width % 8
		}
		if (width > 100 && !/"[^"]*"/)
			print FILENAME ":" FNR ":"
	}' "$@"
}

# Words that say where or by whom a file was made, not what it is.  Each has
# a bracket in it, so that this list is not found by itself.
words='(^|[^a-z.])/[w]ork/|[s]ub-?agent|[C]laude|[A]nthropic|[O]penAI|[C]opilot|[C]hatGPT|language [m]odel
[A]I (assistant|agent|session)|(another|an earlier|parallel|helper) [s]ession\b|[f]ounders?\b
deb\.[d]ebian\.org|[s]napshot\.debian|[s]ecurity\.debian\.org|[r]egistry\.npm|[p]ypi\.org|[p]roxy\.golang
DESIGN\.[m]d|[S]TYLE\.md|[F]IXME|(^|[^X])[X]XX([^X]|$)|[T]ODO'

check words 'no file speaks of its own making, or leaves work to do'
check_words() {
	text_files | tr '\n' '\0' | xargs -0 grep -nHE -f <(echo "$words") | mistakes "not for a reader"
}

makefile_targets() {
	sed -nE 's/^([a-zA-Z0-9_-]+)[^:=]*:([^=].*)?$/\1/p' Makefile
	sed -nE 's/^(([a-zA-Z0-9_-]+ )+[a-zA-Z0-9_-]+):([^=].*)?$/\1/p' Makefile | tr ' ' '\n'
}

# `make TARGET` in a text, or in what `make help` prints.
promised_targets() {
	files '\.md$' . | xargs -r grep -nHoE '(^|[`$ (])make +[a-z][a-z0-9-]*' | grep -E '[`$]make|:[0-9]+: *make|:\$ make'
	grep -nHoE 'echo "make +[a-z-]+(, [a-z-]+)*' Makefile
}

check targets 'every make target that a text promises is there'
check_targets() {
	local line target status=0
	while read -r line; do
		for target in $(sed -E 's/.*make +//; s/,//g' <<<"$line"); do
			makefile_targets | grep -qxF -- "$target" && continue
			echo "$(cut -d: -f1,2 <<<"$line"): make $target: no such target"
			status=1
		done
	done < <(promised_targets)
	return $status
}

# Folders that a path in a text may be relative to; and what is generated, or
# a placeholder.
path_roots='. aos aos/include components components/include hijack tools tests'
path_invented='asm-offsets\.h$|/NAME\.'

named_paths() {
	text_files | grep -vE '^tests/mutations/.*\.patch$' | tr '\n' '\0' | xargs -0 grep -nHoE \
		'(^|[^A-Za-z0-9_/.$}-])(aos|abi|hijack|cosnet|components|config|tools|tests|x86_64)/[A-Za-z0-9_/-]+\.(c|h|S|mk|md|sh|composition|conf)\b' |
		grep -vE "$path_invented"
}

check paths 'every file that a comment or text names is there'
check_paths() {
	local file line path dir status=0
	while IFS=: read -r file line path; do
		path=${path#[^a-z]}
		for dir in $path_roots "$(dirname "$file")"; do
			[[ ! -e $dir/$path ]] || continue 2
		done
		echo "$file:$line: $path: no such file"
		status=1
	done < <(named_paths)
	return $status
}

check mutations 'every mutation says what it takes away, and stands in the table'
check_mutations() {
	local patch field status=0
	for patch in tests/mutations/*.patch; do
		for field in guards red how sign; do
			grep -qE "^# $field: ." "$patch" && continue
			echo "$patch:1: no '# $field:'"
			status=1
		done
	done
	tests/mutations/run --table | grep -vxFf tests/mutations/README.md |
		sed 's|^|tests/mutations/README.md:1: |' | mistakes "not in the table" || status=1
	return $status
}

# ---- sizes ----

# FILE:LINE:LINES NAME of each function: its body opens and closes in column 1.
functions() { # FILE...
	awk '
	FNR == 1 { open = 0 }
	/^[A-Za-z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
	/^\{/ { open = FNR }
	/^\}/ && open { print FILENAME ":" open ":" FNR - open - 1 " " name; open = 0 }' "$@"
}

over() { # LIMIT WHAT  < FILE:LINE:LINES [NAME]
	awk -F'[: ]' -v limit="$1" -v what="$2" \
		'$3 > limit {
			printf "%s:%s: %s of %s lines%s, %s is the limit\n", $1, $2, what, $3,
				$4 == "" ? "" : ": " $4, limit
			n++
		}
		END { exit n > 0 }'
}

lengths() { # REGEX
	files "$1" . | grep -v '^tests/' | xargs wc -l | awk '$2 != "total" { print $2 ":1:" $1 }'
}

function_lengths() {
	local -a list
	mapfile -t list < <(files '\.[ch]$' . | grep -v '^tests/')
	functions "${list[@]}"
}

check sizes 'no file and no function is beyond all measure'
check_sizes() {
	local status=0
	lengths '\.c$' | over 700 "a file" || status=1
	lengths '\.S$' | over 450 "a file" || status=1
	lengths '\.h$' | over 400 "a header" || status=1
	function_lengths | over 100 "a function" || status=1
	return $status
}

# What the house style aims at; never a failure.
sizes_report() {
	{
		lengths '\.c$' | over 350 "a file"
		lengths '\.S$' | over 250 "a file"
		lengths '\.h$' | over 250 "a header"
		function_lengths | over 60 "a function"
	} | sed 's/is the limit/is the aim/'
}

# ---- other people's checkers ----

find_checkpatch() {
	local file
	for file in ${CHECKPATCH-} /lib/modules/*/build/scripts/checkpatch.pl \
		/usr/src/linux-*/scripts/checkpatch.pl; do
		[[ -f $file ]] || continue
		echo "$file"
		return
	done
	return 1
}

# AVOID_EXTERNS: entry.S has no header.  BLOCK_COMMENT_STYLE, COMPLEX_MACRO:
# comments beside fields, lists as macros.  ENOSYS: kmux says so of calls that do
# not exist.  VOLATILE: the accessors themselves.
checkpatch_ignored=AVOID_EXTERNS,BLOCK_COMMENT_STYLE,COMPLEX_MACRO,ENOSYS,VOLATILE

check checkpatch "checkpatch.pl, where a kernel source or CHECKPATCH=file has one"
check_checkpatch() {
	local script
	script=$(find_checkpatch) || { cannot_run "no checkpatch.pl here"; return; }
	# ring_port.h is Linux's own macros where there is no Linux; the other is assembly
	files "$c_or_asm" hijack cosnet aos |
		grep -vE 'cosnet/ring_port\.h|hijack/entry_macros\.h' | sed "s|^|$root/|" |
		(cd "$out" && xargs perl "$script" --no-tree --terse --show-types --no-summary \
			--max-line-length=100 --ignore "$checkpatch_ignored" -f | relative "$out" | grep .) &&
		return 1
	return 0
}

# `a= b=` empties variables, a word may be 'done', commas are QEMU's, a right
# side may be a pattern, a list may be meant to fall into words, and a script
# that is sourced uses the other's variables, and offers arguments nobody gives.
shellcheck_ignored=SC1007,SC1010,SC1090,SC1091,SC2034,SC2046,SC2053,SC2054,SC2120,SC2154

check shellcheck 'shellcheck has nothing to say about the scripts'
check_shellcheck() {
	local file scripts=()
	type -P shellcheck >/dev/null || { cannot_run "shellcheck is not installed"; return; }
	for file in $(text_files); do
		[[ $(head -c 40 "$file" | head -n 1) =~ ^'#!'.*(/|' ')(ba|da)?sh ]] && scripts+=("$file")
	done
	# those that are sourced say no interpreter: bash
	shellcheck -f gcc --severity=warning --exclude="$shellcheck_ignored" --shell=bash \
		$(files '\.sh$' .) || return
	shellcheck -f gcc --severity=warning --exclude="$shellcheck_ignored" "${scripts[@]}"
}
