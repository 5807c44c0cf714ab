package io.appdbs.repositories.strict;

import org.springframework.data.repository.CrudRepository;

interface AnnotatedItemRepository extends CrudRepository<AnnotatedItem, Long> {

}
