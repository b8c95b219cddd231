/** Networks made on this machine for measurements: namespaces, TUN devices, and a link's model. */
@NullMarked
package org.gridwarden.bench.net;

import org.jspecify.annotations.NullMarked;
