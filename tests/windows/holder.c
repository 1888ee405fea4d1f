// Keeps files open as scanners and previews do: others may read and write them, but neither replace nor delete them.
// usage: holder FOLDER MS     each file below FOLDER, for so long, again and again until it is ended
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

static int count;
static HANDLE held[4096];

static void hold(const wchar_t *folder)
{
    wchar_t path[2048];
    WIN32_FIND_DATAW found;
    swprintf(path, 2048, L"%ls\\*", folder);
    HANDLE search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE) return;
    do {
        if (!wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L"..")) continue;
        swprintf(path, 2048, L"%ls\\%ls", folder, found.cFileName);
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) hold(path);
        else if (count < 4096) {
            HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
            if (file != INVALID_HANDLE_VALUE) held[count++] = file;
        }
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

int wmain(int argc, wchar_t **argv)
{
    int ms = argc > 2 ? _wtoi(argv[2]) : 0;
    long total = 0;
    for (;;) {
        hold(argv[1]);
        total += count;
        if (count > 0) { printf("held %ld\n", total); fflush(stdout); }
        Sleep(ms);
        while (count > 0) CloseHandle(held[--count]);
        Sleep(100);
    }
}
