/**
 * A meter without a command desk, as others make it: security suite 1, a Security setup that
 * demands signed requests, and operators who are third parties to it (IEC 62056-5-3, clause
 * 9.2.7.2.5).
 */
@NullMarked
package org.gridwarden.simulator.thirdparty;

import org.jspecify.annotations.NullMarked;
