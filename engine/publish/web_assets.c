/* The script and the style of the web page, put into the program by the assembler. */
#include "publish/html.h"

#define EMBED(name, file)                                                                          \
    __asm__(".pushsection .rodata\n"                                                               \
            ".hidden mq_asset_" name "\n.global mq_asset_" name "\n"                               \
            ".hidden mq_asset_" name "_end\n.global mq_asset_" name "_end\n"                       \
            "mq_asset_" name ":\n.incbin \"" file "\"\n"                                           \
            "mq_asset_" name "_end:\n.byte 0\n"                                                    \
            ".popsection\n")

EMBED("script", MQCI_WEB_DIR "/page.js");
EMBED("style", MQCI_WEB_DIR "/page.css");

extern const char mq_asset_script[], mq_asset_script_end[];
extern const char mq_asset_style[], mq_asset_style_end[];

struct mq_asset mq_page_script(void)
{
    return (struct mq_asset){mq_asset_script, (size_t)(mq_asset_script_end - mq_asset_script)};
}

struct mq_asset mq_page_style(void)
{
    return (struct mq_asset){mq_asset_style, (size_t)(mq_asset_style_end - mq_asset_style)};
}
