/** The commands of ./gridwarden. */
@NullMarked
package org.gridwarden.cli;

import org.jspecify.annotations.NullMarked;
