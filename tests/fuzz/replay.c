/*
 * replay.c: main() for a fuzz target without libFuzzer: runs it over files and directories.
 * Words with a dash are options of libFuzzer and mean nothing here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ftw.h>

#include "tests/fuzz/fuzz.h"

#define INPUT_MAX (1024UL * 1024)

static size_t n_files;

static int replay(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	FILE *file;
	char *data;
	char *exact;
	size_t n;

	(void)st;
	(void)walk;
	if (type != FTW_F)
		return type == FTW_D ? 0 : -1;
	file = fopen(path, "re");
	data = malloc(INPUT_MAX);
	if (!file || !data) {
		perror(path);
		exit(1);
	}
	n = fread(data, 1, INPUT_MAX, file);
	(void)fclose(file);
	/* exactly as long as the input, so that the sanitizers see what is read behind it */
	exact = realloc(data, n > 0 ? n : 1);
	if (!exact)
		exit(1);
	(void)LLVMFuzzerTestOneInput((const uint8_t *)exact, n);
	free(exact);
	n_files++;
	return 0;
}

int main(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		if (argv[i][0] != '-' && nftw(argv[i], replay, 8, 0) != 0) {
			(void)fprintf(stderr, "%s: cannot read it\n", argv[i]);
			return 1;
		}
	(void)printf("%zu inputs\n", n_files);
	return n_files > 0 ? 0 : 1;
}
