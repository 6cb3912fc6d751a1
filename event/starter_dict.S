// The starter dictionary, embedded as it stands in starter.dict.
    .section .rodata
    .balign 16
    .global mishap_starter_dict_begin
    .global mishap_starter_dict_end
mishap_starter_dict_begin:
    .incbin "starter.dict"
mishap_starter_dict_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
