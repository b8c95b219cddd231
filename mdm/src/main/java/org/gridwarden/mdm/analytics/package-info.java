/**
 * Figures of groups of households, on pseudonyms (C32, ADR 37): load profiles, how use is
 * distributed, peaks and base loads. Nothing here is about one household, and no answer holds a
 * name, a meter or a pseudonym.
 */
@NullMarked
package org.gridwarden.mdm.analytics;

import org.jspecify.annotations.NullMarked;
