/** A street of virtual meters whose households behave as real ones do. */
@NullMarked
package org.gridwarden.simulator;

import org.jspecify.annotations.NullMarked;
