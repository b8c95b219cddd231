/**
 * What follows from what meters warn of: alarms, cases, quarantine, and keys that are revoked.
 *
 * <p>{@link org.gridwarden.headend.tamper.TamperDesk} judges each stored event once, {@link
 * org.gridwarden.headend.tamper.CaseOffice} does what people decide.
 */
@NullMarked
package org.gridwarden.headend.tamper;

import org.jspecify.annotations.NullMarked;
