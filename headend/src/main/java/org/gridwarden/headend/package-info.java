/** Intake: batches, commits, and only then acknowledges. */
@NullMarked
package org.gridwarden.headend;

import org.jspecify.annotations.NullMarked;
