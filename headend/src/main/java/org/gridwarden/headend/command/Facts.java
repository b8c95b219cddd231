package org.gridwarden.headend.command;

import java.util.Optional;
import org.gridwarden.core.Meter;

/**
 * What a policy's verdict follows from, beside the command itself.
 *
 * @param meterState the meter's
 * @param protection why nobody may switch the meter off; empty where somebody may
 * @param inWindow switching commands let through in the window, in all
 * @param ofFeeder of the meter's feeder
 * @param ofUser of this operator
 */
record Facts(
    Meter.State meterState, Optional<String> protection, int inWindow, int ofFeeder, int ofUser) {}
