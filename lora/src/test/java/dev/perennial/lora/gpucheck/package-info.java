/** What {@code ./perennial gpu-check} runs on the machine it was carried to: golden tests and a report. */
package dev.perennial.lora.gpucheck;
