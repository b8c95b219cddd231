/** How fast ciphered pushes become values. */
@NullMarked
package org.gridwarden.bench.decode;

import org.jspecify.annotations.NullMarked;
