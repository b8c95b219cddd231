/**
 * The meter's side of DLMS/COSEM: a tree of objects with access rights, and what answers clients.
 */
@NullMarked
package org.gridwarden.dlms.meter;

import org.jspecify.annotations.NullMarked;
