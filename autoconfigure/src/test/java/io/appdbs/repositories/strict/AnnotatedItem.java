package io.appdbs.repositories.strict;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table
record AnnotatedItem(@Id Long id, String name) {

}
