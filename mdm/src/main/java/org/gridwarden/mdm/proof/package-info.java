/** Bills that prove themselves: their document, the evidence behind it, and its verifier. */
@NullMarked
package org.gridwarden.mdm.proof;

import org.jspecify.annotations.NullMarked;
