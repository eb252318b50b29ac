/** Says what a process computes on: {@link dev.perennial.lora.device.DeviceReport}. */
@NullMarked
package dev.perennial.lora.device;

import org.jspecify.annotations.NullMarked;
