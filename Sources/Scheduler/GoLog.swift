/// The natural logarithm as Go computes it (FreeBSD `e_log.c`): it differs from the C library's in the last bit of
/// some values.
enum GoLog {
  static func log(_ n: Int) -> Double {
    if n <= 0 { return -.infinity }
    var fraction = Double(n)
    var exponent = 0.0
    while fraction >= 1 {
      fraction /= 2
      exponent += 1
    }
    if fraction < 0.5.squareRoot() {
      fraction *= 2
      exponent -= 1
    }
    let f = fraction - 1
    let s = f / (2 + f)
    let s2 = s * s
    let s4 = s2 * s2
    return finish(f, s, s2, s4, exponent)
  }

  private static func finish(_ f: Double, _ s: Double, _ s2: Double, _ s4: Double, _ k: Double) -> Double {
    let l1 = 6.666666666666735130e-01
    let l2 = 3.999999999940941908e-01
    let l3 = 2.857142874366239149e-01
    let l4 = 2.222219843214978396e-01
    let l5 = 1.818357216161805012e-01
    let l6 = 1.531383769920937332e-01
    let l7 = 1.479819860511658591e-01
    let t1 = s2 * (l1 + s4 * (l3 + s4 * (l5 + s4 * l7)))
    let t2 = s4 * (l2 + s4 * (l4 + s4 * l6))
    let r = t1 + t2
    let half = 0.5 * f * f
    let high = 6.93147180369123816490e-01
    let low = 1.90821492927058770002e-10
    return k * high - ((half - (s * (half + r) + k * low)) - f)
  }
}
