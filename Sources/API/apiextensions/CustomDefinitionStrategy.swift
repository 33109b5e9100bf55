import APIMachinery

/// The strategy of CustomResourceDefinitions.
struct CustomDefinitionStrategy: Strategy {
  func defaults(_ object: inout Value) { CustomDefinition.defaults(&object) }
  func prepareForCreate(_ object: inout Value) { CustomDefinition.prepareForCreate(&object) }
  func prepareForUpdate(_ new: inout Value, old: Value) { CustomDefinition.prepareForUpdate(&new, old: old) }

  func validateCreate(_ object: Value) -> [APIError.Cause] {
    var findings = Findings()
    ObjectMetaValidation.create(object[.metadata], .subdomain, false, &findings)
    return findings.causes + CustomDefinitionValidation.validateCreate(object)
  }

  func validateUpdate(_ new: Value, old: Value) -> [APIError.Cause] {
    var findings = Findings()
    ObjectMetaValidation.update(new[.metadata], old[.metadata], &findings)
    return findings.causes + CustomDefinitionValidation.validateUpdate(new, old: old)
  }
}
