// A google.protobuf.FileDescriptorSet of everything in proto/, written by protoc.
    .section .rodata
    .balign 16
    .global mishap_descriptors_begin
    .global mishap_descriptors_end
mishap_descriptors_begin:
    .incbin "descriptors.bin"
mishap_descriptors_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
