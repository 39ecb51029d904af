; An installer for one user, without administrator rights: unpacks the folder, puts the program into the start menu.
Unicode true
Name "renomap ${VERSION}"
OutFile "${PROGRAM}"
InstallDir "$LOCALAPPDATA\Programs\renomap-${VERSION}"
RequestExecutionLevel user
SetCompressor /SOLID lzma
LoadLanguageFile "${NSISDIR}\Contrib\Language files\SimpChinese.nlf"
LoadLanguageFile "${NSISDIR}\Contrib\Language files\English.nlf"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\renomap-${VERSION}"
!define SHORTCUT "$SMPROGRAMS\老旧小区片区规划 ${VERSION}.lnk"
Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Section
  SetShellVarContext current
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "${SHORTCUT}" "$INSTDIR\renomap.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "renomap ${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\renomap.exe"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
SectionEnd

; Only the program goes: projects, settings and journals are the user's.
Section "Uninstall"
  SetShellVarContext current
  Delete "${SHORTCUT}"
  RMDir /r "$INSTDIR\python"
  Delete "$INSTDIR\renomap.exe"
  Delete "$INSTDIR\renomap-cli.exe"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\NOTICE"
  Delete "$INSTDIR\PACKAGES.txt"
  Delete "$INSTDIR\使用说明.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
