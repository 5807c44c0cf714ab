/**
 * Measures the load of pools: advises on their sizes, and lets the number of borrowers
 * follow the load.
 */
@NullMarked
package io.appdbs.jdbc.load;

import org.jspecify.annotations.NullMarked;
