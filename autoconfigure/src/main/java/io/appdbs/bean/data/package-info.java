/**
 * The packages of each database, and the repositories of Spring Data that are found in
 * them.
 */
@NullMarked
package io.appdbs.bean.data;

import org.jspecify.annotations.NullMarked;
