// Keeps files open as scanners and previews do: others may read and write them, but neither replace nor delete them.
// usage: holder FOLDER NAME MS TIMES     each file NAME (all: *) below FOLDER that is found, for so long, so many times; 0: for ever
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

static int count;
static HANDLE held[4096];

static void hold(const wchar_t *folder, const wchar_t *name)
{
    wchar_t path[2048];
    WIN32_FIND_DATAW found;
    swprintf(path, 2048, L"%ls\\*", folder);
    HANDLE search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE) return;
    do {
        if (!wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L"..")) continue;
        swprintf(path, 2048, L"%ls\\%ls", folder, found.cFileName);
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) hold(path, name);
        else if ((!wcscmp(name, L"*") || !wcscmp(found.cFileName, name)) && count < 4096) {
            HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
            if (file != INVALID_HANDLE_VALUE) held[count++] = file;
        }
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

int wmain(int argc, wchar_t **argv)
{
    int ms = _wtoi(argv[3]), times = _wtoi(argv[4]);
    long total = 0;
    for (int time = 0; times == 0 || time < times; time++) {
        hold(argv[1], argv[2]);
        total += count;
        if (time == 0 || total > 0) { printf("held %ld\n", total); fflush(stdout); }
        Sleep(ms);
        while (count > 0) CloseHandle(held[--count]);
        Sleep(100);
    }
    return 0;
}
