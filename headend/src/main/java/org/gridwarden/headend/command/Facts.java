package org.gridwarden.headend.command;

import java.util.Optional;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Signing;

/**
 * What a policy's verdict follows from, beside the command itself.
 *
 * @param meterState the meter's
 * @param signing in which form the meter has operators' signatures checked
 * @param protection why nobody may switch the meter off; empty where somebody may
 * @param inWindow switching commands let through in the window, in all
 * @param ofFeeder of the meter's feeder
 * @param ofUser of this operator
 */
record Facts(
    Meter.State meterState,
    Signing signing,
    Optional<String> protection,
    int inWindow,
    int ofFeeder,
    int ofUser) {}
