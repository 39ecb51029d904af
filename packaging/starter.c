/* Starts the interpreter beside this program with the program's module and every given argument.
   The command line waits for it and passes its result on; the window needs no console. */
#include <windows.h>
#include <wchar.h>

#ifdef WINDOW
#define INTERPRETER L"\\python\\pythonw.exe"
#else
#define INTERPRETER L"\\python\\python.exe"
#endif
#define LONGEST 32768

static wchar_t folder[LONGEST], command[LONGEST], caches[LONGEST];

/* What follows the first word of a command line, which may stand in quotes. */
static const wchar_t *arguments(const wchar_t *line)
{
    int quoted = 0;
    for (; *line && (quoted || (*line != L' ' && *line != L'\t')); line++)
        if (*line == L'"') quoted = !quoted;
    return line;
}

/* A standard stream as the interpreter may have it; none where this program was given none. */
__attribute__((unused)) static HANDLE inherited(DWORD which)
{
    HANDLE own = GetCurrentProcess(), copy = NULL, stream = GetStdHandle(which);
    DuplicateHandle(own, stream, own, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS);
    return copy;
}

int wmain(void)
{
    STARTUPINFOW start = {.cb = sizeof start};
    PROCESS_INFORMATION process;
    DWORD result = 1, length = GetModuleFileNameW(NULL, folder, LONGEST);
    while (length && folder[length - 1] != L'\\') length--;
    if (length) folder[length - 1] = 0;
    /* Compiled modules belong into the user's folder: this one may be read-only or on a share. */
    length = GetEnvironmentVariableW(L"LOCALAPPDATA", caches, LONGEST - 32);
    if (length && length < LONGEST - 32) {
        wcscat(caches, L"\\renomap\\modules");
        SetEnvironmentVariableW(L"PYTHONPYCACHEPREFIX", caches);
    }
    if (_snwprintf(command, LONGEST - 1, L"\"%ls%ls\" -m renomap%ls", folder, INTERPRETER,
                   arguments(GetCommandLineW())) < 0)
        return 1;
#ifndef WINDOW
    start.dwFlags = STARTF_USESTDHANDLES; /* what is piped in or out goes on to the interpreter */
    start.hStdInput = inherited(STD_INPUT_HANDLE);
    start.hStdOutput = inherited(STD_OUTPUT_HANDLE);
    start.hStdError = inherited(STD_ERROR_HANDLE);
#endif
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process)) {
        MessageBoxW(NULL, L"The folder is incomplete: unpack the whole archive first.\n文件夹不完整，请先解压全部文件。",
                    L"renomap", MB_ICONERROR);
        return 1;
    }
#ifndef WINDOW
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &result);
#else
    result = 0;
#endif
    return (int)result;
}

#ifdef WINDOW
int WINAPI wWinMain(HINSTANCE own, HINSTANCE before, LPWSTR line, int show)
{
    (void)own, (void)before, (void)line, (void)show;
    return wmain();
}
#endif
